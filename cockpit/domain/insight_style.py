"""The looks of the page of insights: light and dark, narrow and wide, on paper."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --ground: #eeeeee; --card: #ffffff; --bright: #080808;
  --text: #303030; --muted: #626262; --hair: #c6c6c6; --track: #e4e4e4; --used: #005f87;
  --sev1: #af0000; --sev2: #af8700; --sev3: #4e4e4e; --sev4: #8a8a8a; --late: #af0000;
  --good: #005f00 }
@media (prefers-color-scheme: dark) { :root { --ground: #121212; --card: #1c1c1c;
  --bright: #eeeeee; --text: #d0d0d0; --muted: #a8a8a8; --hair: #444444; --track: #303030;
  --used: #5fafd7; --sev1: #ff5f5f; --sev2: #d7af5f; --sev3: #bcbcbc; --sev4: #6c6c6c;
  --late: #ff8787; --good: #87af87 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--text);
  font: 16px/1.5 system-ui, "Segoe UI", Roboto, sans-serif }
main { max-width: 70rem; margin: 0 auto; padding: 2rem 1.5rem 3rem }
h1 { color: var(--bright); font-size: 1.9rem; line-height: 1.2; margin: 0 }
h2 { color: var(--bright); font-size: 1.2rem; margin: 0 0 .75rem }
.period { color: var(--muted); margin: .35rem 0 1.75rem }
section { background: var(--card); border: 1px solid var(--hair); border-radius: .5rem;
  padding: 1.25rem 1.5rem; margin-top: 1.25rem }
.tiles { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1rem; padding: 0;
  border: 0; background: none; margin: 0 }
.tile { background: var(--card); border: 1px solid var(--hair); border-radius: .5rem;
  padding: 1rem 1.25rem; min-width: 0 }
.tile h3 { color: var(--muted); font-size: .875rem; font-weight: 500; margin: 0 }
.tile strong { color: var(--bright); display: block; font-size: 2rem; line-height: 1.3;
  font-variant-numeric: tabular-nums }
.tile p { color: var(--muted); font-size: .875rem; margin: 0; overflow-wrap: anywhere }
.tile.bad strong, td.bad { color: var(--late); font-weight: 600 }
.tile .bar { width: 100%; margin: .35rem 0 }
.scroll { overflow-x: auto }
.latest { direction: rtl } .latest > * { direction: ltr }
.chart { display: block; width: 100%; min-width: 30rem; height: auto }
.chart text { font: 12px system-ui, sans-serif; fill: var(--muted) }
.chart text.count { fill: var(--bright); font-weight: 600 }
.chart .grid { stroke: var(--hair); stroke-width: .5 }
.bar { display: block; width: 7rem; height: .5rem; border-radius: .25rem }
.track { fill: var(--track) } .used { fill: var(--used) } .over { fill: var(--late) }
.sev1 { fill: var(--sev1) } .sev2 { fill: var(--sev2) } .sev3 { fill: var(--sev3) }
.sev4 { fill: var(--sev4) }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0;
  margin: .5rem 0 0; color: var(--muted); font-size: .875rem }
.legend svg { width: .8rem; height: .8rem; margin-right: .4rem; vertical-align: -.05rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: right; vertical-align: top; padding: .4rem 0 .4rem 1.25rem;
  font-variant-numeric: tabular-nums; white-space: nowrap }
th:first-child, td:first-child { text-align: left; padding-left: 0; white-space: normal;
  overflow-wrap: anywhere; min-width: 12rem; width: 45% }
td.words, th.words { text-align: left }
td.graph { padding-top: .85rem }
td.graph .bar { margin-left: auto }
th { color: var(--muted); font-size: .8125rem; font-weight: 500; vertical-align: bottom }
tbody tr { border-top: 1px solid var(--hair) }
summary { cursor: pointer; color: var(--bright) }
summary:focus-visible, a:focus-visible { outline: 2px solid var(--used); outline-offset: 2px }
details ul { list-style: none; margin: .35rem 0 .5rem; padding: 0 0 0 1rem; font-size: .9rem }
details li { padding: .1rem 0 }
details li span { color: var(--muted) }
a { color: inherit; text-decoration-color: var(--muted); text-underline-offset: .15em }
.note, footer { color: var(--muted); font-size: .875rem; margin: .75rem 0 0 }
footer { margin-top: 1.5rem }
dl { margin: 0; font-size: .9rem } dt { color: var(--bright); font-weight: 600; margin-top: .6rem }
dd { margin: 0 }
@media (max-width: 46rem) { main { padding: 1.25rem .75rem 2rem }
  .tiles { grid-template-columns: repeat(2, 1fr); gap: .6rem } .tile { padding: .75rem .9rem }
  .tile strong { font-size: 1.5rem } section { padding: 1rem } td.graph, th.graph { display: none }
  th, td { padding-left: .8rem } th:first-child, td:first-child { min-width: 9rem }
  h1 { font-size: 1.5rem } }
@media print { :root { --ground: #ffffff; --card: #ffffff; --bright: #080808; --text: #303030;
  --muted: #4e4e4e; --hair: #c6c6c6; --track: #e4e4e4; --used: #005f87; --sev1: #af0000;
  --sev2: #af8700; --sev3: #4e4e4e; --sev4: #8a8a8a; --late: #af0000 }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact }
  body { font-size: 11pt } main { max-width: none; padding: 0 } section { border: 0; padding: 0 }
  .tile, tr { break-inside: avoid } h2 { break-after: avoid }
  details:not([open]) > summary { list-style: none } }
"""
