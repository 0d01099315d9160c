"""What the exported modules use of a tensor: two dimensions, rows that may have one column."""


class Tensor:
    def __init__(self, rows):
        self.rows = rows

    def sum(self, dim):
        assert dim == -1
        return Tensor([sum(row) for row in self.rows])

    def tolist(self):
        return self.rows

    def new_tensor(self, values):
        return Tensor(list(values))

    def unsqueeze(self, dim):
        assert dim == -1
        return Tensor([[value] for value in self.rows])

    def __mul__(self, other):
        return Tensor(
            [[a * b for a, b in zip(row * len(mask) if len(row) == 1 else row, mask)] for row, mask in zip(self.rows, other.rows)]
        )
