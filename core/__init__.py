"""What every room stands on. Knows no room above it."""

from core import garbage

garbage.be_patient()
