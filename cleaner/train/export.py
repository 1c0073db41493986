"""Write a model to a folder: ``config.json`` and ``arrays.npz``, the same bytes each time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.features.words import WordOdds
from cleaner.model import FORMAT, Forest


def write_model(
    folder: Path,
    forests: Mapping[str, Forest],
    odds: WordOdds,
    config: Mapping[str, Any],
) -> None:
    """Write ``forests`` (``first`` and ``second``) and ``odds``; ``config`` says the rest."""
    arrays: dict[str, NDArray[Any]] = {}
    for key, forest in forests.items():
        arrays[f"{key}_features"] = forest.features.astype(np.uint16)
        arrays[f"{key}_borders"] = forest.borders
        arrays[f"{key}_splits"] = forest.splits.astype(np.uint16)
        arrays[f"{key}_leaves"] = forest.leaves
    for key, table in (("words", odds.words), ("texts", odds.texts), ("names", odds.names)):
        keys = sorted(word for word in table if "\n" not in word)
        arrays[f"{key}_keys"] = np.frombuffer("\n".join(keys).encode("utf-8"), dtype=np.uint8)
        values = [round(table[word] * 100) for word in keys]
        arrays[f"{key}_values"] = np.array(values, dtype=np.int16)
    buffer = BytesIO()
    np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
    document = {
        **config,
        "format": FORMAT,
        "sha256": hashlib.sha256(buffer.getvalue()).hexdigest(),
        "bias": {key: forest.bias for key, forest in forests.items()},
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "arrays.npz").write_bytes(buffer.getvalue())
    text = json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True)
    (folder / "config.json").write_text(text + "\n", encoding="utf-8")
