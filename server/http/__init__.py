"""HTTP: pages, assets, the catalog API, health and metrics; plain ASGI, whatever serves it."""
