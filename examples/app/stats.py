"""A few statistics: try Sotto here. Below the function smallest, write one that finds the largest value."""


def mean(values):
    if len(values) == 0:
        raise ValueError("no values")
    return sum(values) / len(values)


def smallest(values):
    if len(values) == 0:
        raise ValueError("no values")
    result = values[0]
    for value in values:
        if value < result:
            result = value
    return result


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2 == 1:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def variance(values):
    center = mean(values)
    return mean([(value - center) ** 2 for value in values])


class Histogram:
    def __init__(self, edges):
        self.edges = edges
        self.counts = [0] * (len(edges) - 1)

    def add(self, value):
        for index in range(len(self.counts)):
            if self.edges[index] <= value < self.edges[index + 1]:
                self.counts[index] += 1
                return
        raise ValueError("value out of range")
