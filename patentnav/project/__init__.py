"""A project file: inputs, steps and deliverables of one case, to be versioned with the case.

.. code-block:: toml

    [project]
    title = "…"                 # of the cover, as subtitle, client, author and date
    region = "…"                # the studied area
    lang = ["zh", "en"]
    plugins = ["ours.py"]       # modules and files of your own
    data = ["ours"]             # folders of your own formats, taxonomies, outlines, wording

    [input]
    files = ["exports/*.xlsx"]  # relative to the project file
    columns = {}                # and the other arguments of patentnav.read

    [clean]
    unit = "application"        # publication, application or family
    aliases = "aliases.csv"     # the user's own names of organisations
    decisions = "decisions.csv" # reviewed merges and splits

    [classify]
    taxonomy = "jinan-ten"

    [technologies]
    n_clusters = 20             # omitted: proposed from the data
    random_state = 0

    [portfolio]
    min_inventions = 50
    min_pct = 10
    granted_only = false

    [study]                     # all other inputs of a study: industry, owner, cutoff, masked …

    [tables]
    CS = "cities.xlsx"          # the user's own tables, a file each (`patentnav tables`)

    [report]
    outline = ["industry"]      # names, or files of outlines; one or several
    per = "set"                 # industry, sub-sector, applicant, group, district: one report each
    only = ["ict"]              # some of them
    top = 10                    # the largest
    min_publications = 30       # smaller groups get none
    formats = ["docx", "html", "pptx", "xlsx"]
    templates = ["firm.docx", "firm.pptx"]  # of the client, for the styles and layouts of that form
    figures = true              # and the other arguments of patentnav.report.build

    [output]
    folder = "out"
    cache = "cache"             # omitted: the option cache_dir, else .cache in the folder above

Many reports of one set, such as one per sub-sector and one per applicant, are two project files in one
folder with the same ``[output] cache``: :func:`batch` runs both, what they share is computed once, and
:func:`register` lists what was made as the user table NR.

Every key is handed on: the tables are made from the arguments of ``read``, the inputs of the study
(:class:`patentnav.study.Inputs`), the words of the cover (:class:`patentnav.report.Cover`) and the
arguments of ``report.build``. What would do nothing is refused.
"""

from patentnav._guard import guard
from patentnav.project.batch import batch
from patentnav.project.file import Project, load
from patentnav.project.plan import plan
from patentnav.project.register import register
from patentnav.project.run import run

__all__ = ["Project", "batch", "load", "plan", "register", "run"]

guard(__name__)
