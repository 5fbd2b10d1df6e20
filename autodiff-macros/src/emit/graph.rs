//! `f::graph()`: the computation graph, as constants.

use super::companion::Companion;
use crate::graph::operations::count;
use crate::graph::{Graph, Group, Kind, Node};
use proc_macro2::{Ident, Span, TokenStream};

impl Companion<'_> {
    /// The function that gives the graph.
    pub(super) fn graph_function(&self, graph: &Graph) -> TokenStream {
        let rt = self.rt;
        let name = self.item.sig.ident.to_string();
        let name = name.trim_start_matches("r#");
        let nodes = graph.nodes.iter().map(|node| self.graph_node(node));
        let groups = graph.groups.iter().map(|Group { label, group }| {
            let group = optional(*group);
            hygienic!(#rt::graph::Group { label: #label, group: #group })
        });
        let (primal, [forward, reverse]) = (graph.operations, self.operations());
        hygienic! {
            /// The computation graph, and how much the function and its derivatives compute.
            #[must_use]
            pub fn graph() -> #rt::graph::Graph {
                #rt::graph::Graph {
                    name: #name,
                    nodes: &[#(#nodes),*],
                    groups: &[#(#groups),*],
                    operations: #rt::graph::Operations {
                        primal: #primal,
                        forward: #forward,
                        reverse: #reverse,
                    },
                }
            }
        }
    }

    fn graph_node(&self, node: &Node) -> TokenStream {
        let (rt, label, inputs) = (self.rt, &node.label, node.inputs.iter());
        let group = optional(node.group);
        let kind = match node.kind {
            Kind::Input => "Input",
            Kind::Operation => "Operation",
            Kind::Output => "Output",
        };
        let kind = Ident::new(kind, Span::mixed_site());
        hygienic! {
            #rt::graph::Node {
                label: #label,
                kind: #rt::graph::Kind::#kind,
                inputs: &[#(#inputs),*],
                group: #group,
            }
        }
    }

    /// What the tangent and the adjoint compute; nothing where there is none.
    fn operations(&self) -> [usize; 2] {
        let forward = self.forward.map(|t| count(&t.function, &[&t.body]));
        let reverse = self.adjoint.map(|a| {
            let parts = [&a.forward, &a.reverse];
            count(&a.function, &parts)
        });
        [forward, reverse].map(Option::unwrap_or_default)
    }
}

fn optional(group: Option<usize>) -> TokenStream {
    match group {
        Some(group) => hygienic!(::core::option::Option::Some(#group)),
        None => hygienic!(::core::option::Option::None),
    }
}
