"""Citation and collaboration networks: graphs, path counts, similarity, centrality, communities.

Functions on citations take a ``PatentSet``, a frame ``citing_id, cited_id``, a ``networkx.DiGraph``
(citing to cited) or the arrays of :func:`as_arrays`; functions on undirected networks a
``networkx.Graph``, a frame of edges, or the arrays of :func:`as_weighted`.
"""

from patentnav._guard import guard
from patentnav.network.arrays import CitationArrays, as_arrays
from patentnav.network.cd_index import cd_index
from patentnav.network.centrality import centrality, pagerank
from patentnav.network.citations import citations, flows, self_citations
from patentnav.network.collaboration import (
    Collaboration,
    applicant_collaboration,
    applicants,
    coclassification,
    inventor_collaboration,
    inventors,
)
from patentnav.network.communities import communities, modularity
from patentnav.network.cooperation import STANDING_FROM, Cooperation, cooperation
from patentnav.network.export import export
from patentnav.network.layout import layout
from patentnav.network.paths import main_path, path_counts
from patentnav.network.similarity import cocitation, coupling
from patentnav.network.weighted import WeightedArrays, as_weighted

__all__ = [
    "STANDING_FROM",
    "CitationArrays",
    "Collaboration",
    "Cooperation",
    "WeightedArrays",
    "applicant_collaboration",
    "applicants",
    "as_arrays",
    "as_weighted",
    "cd_index",
    "centrality",
    "citations",
    "cocitation",
    "coclassification",
    "communities",
    "cooperation",
    "coupling",
    "export",
    "flows",
    "inventor_collaboration",
    "inventors",
    "layout",
    "main_path",
    "modularity",
    "pagerank",
    "path_counts",
    "self_citations",
]

guard(__name__)
