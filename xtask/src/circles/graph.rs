//! Which nodes of a graph reach each other.

use std::collections::BTreeSet;

/// A directed graph; the nodes are numbers.
#[derive(Debug)]
pub(super) struct Graph {
    edges: Vec<BTreeSet<usize>>,
}

impl Graph {
    pub(super) fn new(nodes: usize, edges: &BTreeSet<(usize, usize)>) -> Self {
        let mut graph = vec![BTreeSet::new(); nodes];
        for (from, to) in edges {
            graph[*from].insert(*to);
        }
        Self { edges: graph }
    }

    /// The sets of two and more nodes that reach each other.
    pub(super) fn circles(&self) -> Vec<BTreeSet<usize>> {
        let reached: Vec<_> = (0..self.edges.len())
            .map(|node| self.reached(node))
            .collect();
        let mut circles = BTreeSet::new();
        for (node, others) in reached.iter().enumerate() {
            let mut circle: BTreeSet<_> = others
                .iter()
                .copied()
                .filter(|other| reached[*other].contains(&node))
                .collect();
            circle.insert(node);
            if circle.len() > 1 {
                circles.insert(circle);
            }
        }
        circles.into_iter().collect()
    }

    fn reached(&self, start: usize) -> BTreeSet<usize> {
        let mut seen = BTreeSet::new();
        let mut open: Vec<_> = self.edges[start].iter().copied().collect();
        while let Some(node) = open.pop() {
            if seen.insert(node) {
                open.extend(&self.edges[node]);
            }
        }
        seen
    }
}
