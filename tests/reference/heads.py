"""What scikit-learn makes of the sample tables: linear models, PCA, trees, forests, neighbours, folds, importances.

`python heads.py` writes goldens/heads/{breast-cancer,iris,wine}.json; `--samples FOLDER` writes the tables as CSV.
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_breast_cancer, load_iris, load_wine
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer, StandardScaler
from sklearn.tree import DecisionTreeClassifier

OUT = Path(__file__).parent / "goldens" / "heads"

TABLES = {
    "breast-cancer": (load_breast_cancer, "diagnosis"),
    "iris": (load_iris, "species"),
    "wine": (load_wine, "cultivar"),
}

# The default of 1e-4 stops up to 1e-2 away from the weights that are best.
TOLERANCE = 1e-10

SEEDS = range(10)

# Rows that are predicted: every seventh.
STEP = 7

# The rows of the held-out part: every fourth.
HELD_OUT = 4


def logistic() -> LogisticRegression:
    return LogisticRegression(C=1.0, tol=TOLERANCE, max_iter=100_000)


def tree_of(model: DecisionTreeClassifier) -> dict[str, Any]:
    tree = model.tree_
    counts = tree.value[:, 0, :] * tree.weighted_n_node_samples[:, None]
    return {
        "feature": np.maximum(tree.feature, -1).tolist(),
        "threshold": np.where(tree.feature < 0, 0.0, tree.threshold).tolist(),
        "left": tree.children_left.tolist(),
        "right": tree.children_right.tolist(),
        "counts": np.rint(counts).astype(int).tolist(),
        "impurity": tree.impurity.tolist(),
        "importances": model.feature_importances_.tolist(),
    }


def linear_of(x: np.ndarray, y: np.ndarray) -> dict[str, Any]:
    model = make_pipeline(StandardScaler(), logistic()).fit(x, y)
    fitted = model[-1]
    return {
        "weights": fitted.coef_.tolist(),
        "bias": fitted.intercept_.tolist(),
        "probabilities": model.predict_proba(x[::STEP]).tolist(),
    }


def pca_linear_of(x: np.ndarray, y: np.ndarray) -> dict[str, Any]:
    model = make_pipeline(StandardScaler(), PCA(0.99, svd_solver="full"), logistic()).fit(x, y)
    scaler, pca, fitted = model[0], model[1], model[2]
    return {
        "explained": pca.explained_variance_ratio_.tolist(),
        "components": pca.components_.tolist(),
        "weights": fitted.coef_.tolist(),
        "bias": fitted.intercept_.tolist(),
        # Back through the PCA and the scaler: weights of the raw columns.
        "composed": (fitted.coef_ @ pca.components_ / scaler.scale_).tolist(),
        "probabilities": model.predict_proba(x[::STEP]).tolist(),
    }


def forest_of(x: np.ndarray, y: np.ndarray) -> dict[str, Any]:
    held = np.arange(len(y)) % HELD_OUT == 0
    seeds = []
    for seed in SEEDS:
        model = RandomForestClassifier(random_state=seed, oob_score=True).fit(x[~held], y[~held])
        seeds.append(
            {
                "accuracy": model.score(x[held], y[held]),
                "outOfBag": model.oob_score_,
                "nodes": int(sum(tree.tree_.node_count for tree in model.estimators_)),
                "first": model.predict_proba(x[held][:5]).tolist(),
            }
        )
        if seed == 0:
            importances = model.feature_importances_.tolist()
            deviations = np.std([tree.feature_importances_ for tree in model.estimators_], axis=0).tolist()
    return {"seeds": seeds, "importances": importances, "deviations": deviations}


def nearest_of(x: np.ndarray, y: np.ndarray) -> dict[str, Any]:
    held = np.arange(len(y)) % HELD_OUT == 0
    scale = make_pipeline(StandardScaler(), Normalizer()).fit(x[~held])
    rows, asked = scale.transform(x[~held]), scale.transform(x[held])
    distances, places = NearestNeighbors(n_neighbors=5, metric="cosine").fit(rows).kneighbors(asked)
    model = KNeighborsClassifier(n_neighbors=5, metric="cosine").fit(rows, y[~held])
    return {
        "distances": distances.tolist(),
        "rows": places.tolist(),
        "probabilities": model.predict_proba(asked).tolist(),
    }


def folds_of(x: np.ndarray, y: np.ndarray) -> dict[str, Any]:
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    fold = np.empty(len(y), dtype=int)
    for number, (_, test) in enumerate(folds.split(x, y)):
        fold[test] = number
    return {
        "fold": fold.tolist(),
        "linear": cross_val_score(make_pipeline(StandardScaler(), logistic()), x, y, cv=folds).tolist(),
        "tree": cross_val_score(DecisionTreeClassifier(random_state=0), x, y, cv=folds).tolist(),
        "forest": cross_val_score(RandomForestClassifier(random_state=0), x, y, cv=folds).tolist(),
    }


def permutation_of(x: np.ndarray, y: np.ndarray) -> list[list[float]]:
    held = np.arange(len(y)) % HELD_OUT == 0
    model = DecisionTreeClassifier(random_state=0).fit(x[~held], y[~held])
    return permutation_importance(model, x[held], y[held], n_repeats=5, random_state=0).importances.tolist()


def golden_of(x: np.ndarray, y: np.ndarray) -> dict[str, Any]:
    return {
        "linear": linear_of(x, y),
        "pcaLinear": pca_linear_of(x, y),
        "trees": [tree_of(DecisionTreeClassifier(random_state=seed).fit(x, y)) for seed in SEEDS],
        "forest": forest_of(x, y),
        "nearest": nearest_of(x, y),
        "folds": folds_of(x, y),
        "permutation": permutation_of(x, y),
    }


def write_samples(folder: Path) -> None:
    for name, (load, target) in TABLES.items():
        data = load()
        columns = [str(column) for column in data.feature_names]
        words = [str(word).removeprefix("class_") for word in data.target_names]
        if name == "wine":
            words = [f"cultivar {int(word) + 1}" for word in words]
        with (folder / f"{name}.csv").open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([*columns, target])
            for row, label in zip(data.data.tolist(), data.target.tolist(), strict=True):
                writer.writerow([*(f"{value:g}" if float(f"{value:g}") == value else repr(value) for value in row), words[label]])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--samples", type=Path)
    args = parser.parse_args()
    if args.samples is not None:
        write_samples(args.samples)
        return
    args.out.mkdir(parents=True, exist_ok=True)
    for name, (load, _) in TABLES.items():
        data = load()
        golden = golden_of(data.data, data.target)
        (args.out / f"{name}.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
        print(f"{name}: {len(data.target)} rows")


if __name__ == "__main__":
    main()
