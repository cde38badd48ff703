"""Who is here, and what must they perceive now? The real-time loop."""
