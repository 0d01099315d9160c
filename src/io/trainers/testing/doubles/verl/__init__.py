"""verl loads external modules, and packages of the group verl.plugins, when it is imported."""

import importlib
import os
from importlib.metadata import entry_points

__version__ = "0.10.0.dev"

for name in os.environ.get("VERL_USE_EXTERNAL_MODULES", "").split(","):
    if name:
        importlib.import_module(name)
for plugin in entry_points(group="verl.plugins"):
    plugin.load()
