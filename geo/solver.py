"""How the sparse system of a field is solved: by factorising it, or where it is large by conjugate gradients over coarser grids.

References
----------
Vanek, Mandel and Brezina (1996), Algebraic multigrid by smoothed aggregation, Computing 56.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import SuperLU, splu

__all__ = ["DIRECT_CELLS", "Solver"]

DIRECT_CELLS = 250_000  # beyond it the factors outgrow memory; over coarser grids 1,000,000 cells take 11 steps, 3 s and 0.8 GB in all
COARSEST_CELLS = 20_000
BLOCK = 3  # cells of a level that become one of the next, along each axis
DAMPING = 2 / 3  # of the Jacobi sweeps and of the smoothing of the interpolation
TOLERANCE = 1e-6  # of the residual against the right-hand side; shares are then true to about 1e-4
MOST_STEPS = 300

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Level:
    """One grid: its matrix, the inverse of its diagonal, and how the next coarser grid maps onto it."""

    matrix: sparse.csr_array
    inverse: Array
    finer: sparse.csr_array
    coarser: sparse.csr_array


class Solver:
    """A system (links + diag(weights)) p = b, symmetric and positive definite, for many right-hand sides.

    Parameters
    ----------
    links
        Graph Laplacian of the cells.
    weights
        What is added to its diagonal: the weight of the reports in each cell.
    rows, columns
        Where each cell lies; without them the system is factorised whatever its size.
    """

    def __init__(
        self, links: sparse.csr_array, weights: Array, *, rows: NDArray[np.intp] | None = None, columns: NDArray[np.intp] | None = None,
    ) -> None:
        self.size = int(links.shape[0])
        matrix = sparse.csr_array(links + sparse.diags_array(weights))
        self._levels: list[_Level] = []
        if rows is not None and columns is not None and self.size > DIRECT_CELLS:
            while matrix.shape[0] > COARSEST_CELLS:
                level, rows, columns = _coarsened(matrix, rows, columns)
                self._levels.append(level)
                matrix = sparse.csr_array(level.coarser @ (level.matrix @ level.finer))
        self._factors = _factorised(matrix)

    def solve(self, right: Array) -> Array:
        """Return the solutions, one column for each column of `right`."""
        if not self._levels:
            return np.asarray(self._factors.solve(right))
        return np.column_stack([self._gradients(column) for column in right.T])

    def _gradients(self, right: Array) -> Array:
        """Solve for one right-hand side by conjugate gradients, with one cycle over the grids as preconditioner."""
        matrix = self._levels[0].matrix
        found = np.zeros_like(right)
        residual = right.copy()
        goal = TOLERANCE * float(np.linalg.norm(right))
        direction, before = np.zeros_like(right), 1.0
        for _ in range(MOST_STEPS):
            if float(np.linalg.norm(residual)) <= goal:
                break
            step = self._cycle(0, residual)
            now = float(residual @ step)
            direction = step + (now / before) * direction
            image = matrix @ direction
            length = now / float(direction @ image)
            found += length * direction
            residual -= length * image
            before = now
        return found

    def _cycle(self, depth: int, right: Array) -> Array:
        """Return nearly the solution: a sweep, a correction from the coarser grid, a sweep."""
        if depth == len(self._levels):
            return np.asarray(self._factors.solve(right))
        level = self._levels[depth]
        found = DAMPING * level.inverse * right
        found += level.finer @ self._cycle(depth + 1, level.coarser @ (right - level.matrix @ found))
        found += DAMPING * level.inverse * (right - level.matrix @ found)
        return np.asarray(found)


def _coarsened(
    matrix: sparse.csr_array, rows: NDArray[np.intp], columns: NDArray[np.intp],
) -> tuple[_Level, NDArray[np.intp], NDArray[np.intp]]:
    """Return a level and the rows and columns of the grid below it, whose cells are blocks of this one's."""
    wide = int(columns.max()) // BLOCK + 1
    block, part = np.unique(rows // BLOCK * wide + columns // BLOCK, return_inverse=True)
    inverse = 1.0 / matrix.diagonal()
    size = matrix.shape[0]
    belongs = sparse.csr_array((np.ones(size), (np.arange(size), part)), shape=(size, len(block)))
    finer = sparse.csr_array(belongs - sparse.diags_array(DAMPING * inverse) @ (matrix @ belongs))
    return _Level(matrix=matrix, inverse=inverse, finer=finer, coarser=sparse.csr_array(finer.T)), block // wide, block % wide


def _factorised(matrix: sparse.csr_array) -> SuperLU:
    return splu(sparse.csc_matrix(matrix), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
