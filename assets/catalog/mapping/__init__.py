"""From a source row to an artifact record, as a profile says.

``Mapper`` compiles a profile once into one closure per field rule; a row then costs no lookup of rules.
"""

from assets.catalog.mapping.mapper import Mapper

__all__ = ["Mapper"]
