/**
 * The whole style of a report. Levels differ in shape and lightness as well as hue; texts keep a contrast of at least 4.5 to 1
 * and drawings of 3 to 1 in both colour schemes. No style attribute is used anywhere, so the content policy allows this sheet alone.
 */
export const STYLE = `
:root{color-scheme:light dark;
--bg:#faf9f6;--panel:#fff;--ink:#1c2024;--dim:#5a6169;--line:#e4e1d9;--soft:#f3f1eb;--link:#1d5c87;--brand:#95602f;--bar:#8b959e;--track:#ebe8e1;
--critical:#a3103c;--high:#b5470a;--medium:#856100;--low:#2a6797;--informational:#5a6169;
--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;--mono:ui-monospace,"SF Mono",SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
@media (prefers-color-scheme:dark){:root{
--bg:#14161a;--panel:#1b1e23;--ink:#e7e5e0;--dim:#a3a9b0;--line:#2f343a;--soft:#22262b;--link:#8cc3ec;--brand:#d29a62;--bar:#6c7680;--track:#2a2e34;
--critical:#ff7596;--high:#ff9f61;--medium:#e3bb4d;--low:#7fb9e8;--informational:#a3a9b0}}
*{box-sizing:border-box}
html{scroll-padding-top:16px;-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 var(--sans);font-variant-numeric:tabular-nums;overflow-wrap:anywhere;hanging-punctuation:first last}
a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:2px}
a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
h1,h2,h3,h4,p,ul,ol,dl,dd,figure{margin:0}
ul,ol{padding:0}
code,pre,.place,.inputs li{font-family:var(--mono);font-size:.86em}
.dim{color:var(--dim)}
.note,figcaption{color:var(--dim);font-size:13px}
.skip{position:absolute;left:-999px;top:8px;background:var(--panel);padding:8px 14px;border:1px solid var(--line);border-radius:6px;z-index:2}
.skip:focus{left:16px}
.defs{position:absolute}
.top,main,.end{max-width:1160px;margin:0 auto;padding:0 28px}
.top{display:flex;justify-content:space-between;align-items:center;gap:16px;padding-top:22px;font-size:13.5px;color:var(--dim)}
.brand{display:flex;align-items:center;gap:8px}
.brand b{color:var(--ink);letter-spacing:.01em;white-space:nowrap}
.brand svg{width:18px;height:18px;flex:none;stroke:var(--brand);stroke-width:2.6;stroke-linecap:round}
.made{text-align:right}
main>section{margin-top:44px}
main>.lead{margin-top:34px}
h1{font-size:clamp(24px,3.1vw,35px);line-height:1.2;font-weight:650;letter-spacing:-.018em;max-width:27em;text-wrap:balance}
.lead>p{margin-top:12px;font-size:16.5px;color:var(--dim);max-width:46em;text-wrap:pretty}
h2{font-size:19px;line-height:1.3;font-weight:650;letter-spacing:-.01em;margin-bottom:12px}
h3{font-size:15px;font-weight:650}
h4{font-size:12.5px;font-weight:650;color:var(--dim);margin:16px 0 5px}
.icon{width:.92em;height:.92em;flex:none;fill:currentColor}
.critical{--c:var(--critical)}.high{--c:var(--high)}.medium{--c:var(--medium)}.low{--c:var(--low)}.informational{--c:var(--informational)}
.level{color:var(--c);font-weight:600;white-space:nowrap}
.level .icon,.tally .icon{margin-right:.42em;vertical-align:-.06em}
.tally .icon{width:.68em;height:.68em;color:var(--c);vertical-align:.02em}
.tally{display:flex;gap:10px;list-style:none;margin-top:22px;flex-wrap:wrap}
.tally li>*{display:block;min-width:104px;padding:9px 14px 10px;border:1px solid var(--line);border-radius:8px;background:var(--panel);text-decoration:none;color:var(--ink)}
.tally a:hover{border-color:var(--c)}
.tally b{display:block;font-size:25px;line-height:1.15;font-weight:600}
.tally span{font-size:13px;color:var(--c);font-weight:600}
.tally .none,.tally .none span,.tally .none .icon{color:var(--dim);font-weight:400;background:none}
.tally .none b{font-weight:400}
.chart{display:grid;grid-template-columns:148px minmax(0,1fr);background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:14px 22px 10px 18px}
.lane-name{height:32px;padding-top:12px;line-height:20px;font-size:13px;white-space:nowrap;overflow:hidden;text-overflow:ellipsis;padding-right:12px;overflow-wrap:normal}
.volume-name{font-size:12px;line-height:1.45;color:var(--dim);padding-top:22px}
.volume-name b{color:var(--ink);font-size:13px;font-weight:400}
.plot{display:block;overflow:visible;font:12px var(--sans)}
.plot .rail{stroke:var(--line);stroke-dasharray:1 4;stroke-linecap:round}
.plot .base{stroke:var(--bar)}
.tick line{stroke:var(--line)}
.tick text{fill:var(--dim)}
.bar{fill:var(--bar)}
.hit{fill:transparent}
.bars g:hover .bar{fill:var(--ink)}
.mark{fill:var(--c);color:var(--c)}
.mark use{stroke:var(--panel);stroke-width:1.5px;paint-order:stroke}
.mark .reach{stroke:var(--c);stroke-width:3px;stroke-opacity:.45;stroke-linecap:round}
.mark .halo{fill:transparent}
.mark:hover .halo,.mark:focus-visible .halo{fill:var(--c);fill-opacity:.22}
.mark:focus-visible{outline:none}
.mark:focus-visible .halo{stroke:var(--c);stroke-width:2px}
.many{font-weight:600;fill:var(--ink);stroke:var(--panel);stroke-width:3px;paint-order:stroke}
.chart figcaption{grid-column:1/-1;margin-top:6px;font-size:12.5px}
.story{list-style:none}
.story li{display:grid;grid-template-columns:108px 26px minmax(0,1fr);align-items:baseline;position:relative;padding:5px 0}
.story .at{text-align:right;padding-right:14px;white-space:nowrap;font-size:13.5px}
.story b{font-weight:600}
.story .at .dim{font-size:12.5px}
.story li::before{content:"";position:absolute;left:116px;top:0;bottom:0;width:1.5px;background:var(--line)}
.story li:first-child::before{top:14px}
.story li:last-child::before{bottom:auto;height:14px}
.story .dot{position:relative;width:18px;text-align:center;color:var(--c);background:var(--bg);line-height:1}
.story a{color:var(--ink);text-decoration-color:var(--line)}
.story a:hover{color:var(--link);text-decoration-color:currentColor}
.story .tactic{color:var(--dim);font-size:13px;margin-left:12px;white-space:nowrap}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13.5px;line-height:1.42}
th{text-align:left;font-weight:500;font-size:12.5px;color:var(--dim);padding:5px 12px 5px 0;border-bottom:1px solid var(--line);white-space:nowrap}
td{padding:6px 12px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
th:last-child,td:last-child{padding-right:0}
th.num,td.num{text-align:right;white-space:nowrap;padding-right:22px}
th.num:last-child,td.num:last-child{padding-right:0}
.time{white-space:nowrap}
.findings .num:first-child{width:2.2em;padding-right:12px}
.findings .what{min-width:16em;width:52%}
.findings .what a{color:var(--ink);text-decoration-color:var(--line)}
.findings .what a:hover{color:var(--link);text-decoration-color:currentColor}
.findings .who{width:20%}
.tail{margin-top:10px}
summary{cursor:pointer;color:var(--link)}
summary .place{color:inherit}
.card{margin-top:18px;background:var(--panel);border:1px solid var(--line);border-left:4px solid var(--c);border-radius:4px 10px 10px 4px;padding:16px 22px 14px}
.card:target{box-shadow:0 0 0 2px var(--c)}
.kicker{display:flex;flex-wrap:wrap;align-items:baseline;gap:4px 14px;font-size:13px;color:var(--dim)}
.technique{font-family:var(--mono);font-size:12px;color:var(--dim)}
.number{margin-left:auto;color:var(--dim);text-decoration:none;font-size:13px}
.number::before{content:"#"}
.card h3{font-size:18.5px;line-height:1.32;letter-spacing:-.008em;margin-top:5px;max-width:44em;text-wrap:pretty}
.when{font-size:13.5px;color:var(--dim);margin-top:3px}
.kicker .level{font-size:13px}
.when b{color:var(--ink);font-weight:600}
.cols{display:grid;grid-template-columns:minmax(0,1.12fr) minmax(0,1fr);gap:0 40px;margin-top:14px}
.facts>div{display:grid;grid-template-columns:84px minmax(0,1fr);gap:10px;padding:4px 0;border-top:1px solid var(--line);font-size:13.5px}
.facts>div:first-child{border-top:0}
.facts dt{color:var(--dim)}
.values{list-style:none}
.values li{display:inline}
.values li:not(:last-child)::after{content:",";color:var(--dim);margin-right:.35em}
.values li:has(details){display:block}
.advice h4:first-child{margin-top:2px}
.advice ol,.advice ul,.card footer ul{padding-left:1.35em;font-size:14px}
.advice li{padding-left:.15em;margin-bottom:3px}
.advice li::marker{color:var(--dim)}
.strip{margin-top:14px}
.strip svg{display:block}
.strip .bar{fill:var(--c)}
.strip figcaption{display:flex;justify-content:space-between;border-top:1px solid var(--bar);padding-top:2px;font-size:12px}
.evidence{font-size:13px}
.evidence td{border-bottom:0;padding-bottom:1px;max-width:20em}
.evidence tr:not(.record) td:first-child{white-space:nowrap;padding-right:16px}
.evidence b{font-weight:600}
.evidence .record td{border-bottom:1px solid var(--line);padding:1px 0 7px;max-width:none}
.evidence tbody:last-child .record td{border-bottom:0}
.failed{color:var(--high)}
.raw summary,.left-out{font-size:12.5px;color:var(--dim)}
.raw summary:hover{color:var(--link)}
pre{margin:6px 0 2px;padding:10px 12px;background:var(--soft);border-radius:6px;font-size:12px;line-height:1.45;white-space:pre-wrap;overflow-wrap:anywhere;max-height:34em;overflow:auto;unicode-bidi:isolate}
pre i{font-style:normal;color:var(--link)}
.card footer{display:grid;grid-template-columns:minmax(0,1.12fr) minmax(0,1fr);gap:0 40px;margin-top:6px;font-size:13.5px}
.card footer h4{margin-top:10px}
.card footer ul{font-size:13.5px;list-style:none;padding:0}
.ids{grid-column:1/-1;margin-top:12px;font-size:12.5px;color:var(--dim)}
.ids b{font-weight:500}
.hid{background:var(--medium);color:var(--panel);border-radius:3px;padding:0 3px;font-family:var(--mono);font-size:.84em;unicode-bidi:isolate;direction:ltr}
.cut{color:var(--dim);cursor:help}
.full>summary{color:inherit}
.full[open]>summary{color:var(--dim)}
.full .block{display:block;max-height:20em;overflow:auto;background:var(--soft);border-radius:6px;padding:8px 10px;font-size:12.5px;white-space:pre-wrap}
.tops{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:24px 44px;margin-top:14px}
.bars-list{list-style:none;margin-top:6px}
.bars-list li{padding:4px 0 5px;font-size:13.5px}
.bars-list svg{display:block;margin-top:2px}
.bar-label{display:flex;justify-content:space-between;gap:14px}
.bar-count{white-space:nowrap}
.involved{color:var(--high);font-size:12.5px;margin-right:12px}
.track{fill:var(--track)}
.fill{fill:var(--bar)}
.sum{font-size:16px}
.sum b{font-weight:600}
.sum .op{color:var(--dim);margin:0 .25em}
.sum+.note{margin:3px 0 12px}
.warn{color:var(--critical);font-weight:600;margin:6px 0}
section>h3{margin-top:16px}
.inputs{list-style:none;margin-top:4px}
.empty p{max-width:46em}
.end{margin-top:52px;padding-bottom:40px;color:var(--dim);font-size:13px}
@media (max-width:760px){
body{font-size:15px}
.top,main,.end{padding-left:16px;padding-right:16px}
.made,.top .dim{font-size:12.5px}
.top{align-items:flex-start}
main>section{margin-top:34px}
.lead>p{font-size:15.5px}
.tally{gap:6px;flex-wrap:nowrap}
.tally li{flex:1 1 0;min-width:0}
.tally li>*{min-width:0;padding:7px 8px 8px}
.tally b{font-size:19px}
.tally span{font-size:11.5px;white-space:nowrap}
.chart{grid-template-columns:minmax(0,1fr);padding:8px 14px 10px;position:relative}
.gutter{position:absolute;left:14px;top:8px;right:14px;pointer-events:none}
.lane-name{font-size:11px;line-height:13px;padding-top:0;color:var(--dim)}
.volume-name{font-size:11px;padding-top:3px;line-height:13px}
.volume-name br{display:none}
.volume-name b{font-size:11px;color:var(--dim);margin-right:.4em}
.plot{font-size:11px}
.tick.odd text{display:none}
.story li{grid-template-columns:46px 26px minmax(0,1fr)}
.story .at{padding-right:8px}
.story .at .dim{display:block;font-size:11px}
.story li::before{left:54px}
.story .tactic{display:block;margin-left:0;white-space:normal}
.advice h4:first-child{margin-top:16px}
.cols,.card footer,.tops{grid-template-columns:minmax(0,1fr)}
.card{padding:14px 14px 12px}
.card h3{font-size:17px}
.findings thead,.evidence thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.findings tbody tr{display:grid;grid-template-columns:auto minmax(0,1fr) auto;gap:0 10px;padding:8px 0;border-bottom:1px solid var(--line)}
.findings td{border:0;padding:0;width:auto}
.findings .num:first-child{display:none}
.findings .what{grid-column:1/-1;grid-row:2;min-width:0;width:auto}
.findings .who{width:auto;color:var(--dim)}
.findings td.num:not(:first-child)::after{content:"×";color:var(--dim)}
.findings .time{grid-column:1/-1;grid-row:3;color:var(--dim);font-size:12.5px}
.evidence tr{display:block}
.evidence td,.evidence tr:not(.record) td:first-child{display:grid;grid-template-columns:84px minmax(0,1fr);gap:0 10px;padding:1px 0;max-width:none;white-space:normal}
.evidence td::before{content:attr(data-label);color:var(--dim)}
.evidence td br{display:none}
.evidence td>.dim{grid-column:2}
.evidence .record td{display:block;padding:3px 0 9px}
.evidence .record td::before{content:none}
}
@media print{
@page{margin:14mm 13mm}
:root{--bg:#fff;--panel:#fff;--ink:#111;--dim:#50565d;--line:#d9d6cf;--soft:#f6f5f1;--link:#1d4f73;--bar:#8b959e;--track:#ebe8e1;--critical:#a3103c;--high:#b5470a;--medium:#856100;--low:#2a6797;--informational:#5a6169}
body{font-size:9.5pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.top,main,.end{max-width:none;padding-left:0;padding-right:0}
.skip,.number{display:none}
h1{font-size:19pt}
h2{break-after:avoid;font-size:13pt}
h3,h4,thead{break-after:avoid}
main>section{margin-top:22px}
.lead>p{font-size:11pt}
a{color:inherit;text-decoration:none}
table,th,.facts>div,.evidence{font-size:8pt}
th{padding-top:2px;padding-bottom:2px}
td{padding-top:3px;padding-bottom:3px}
.advice ol,.advice ul,.card footer,.card footer ul{font-size:8.2pt}
.card h3{font-size:12.5pt}
.facts>div{padding:1.5px 0}
.note,.ids,.raw summary{font-size:7.6pt}
h4{font-size:8.2pt;margin:8px 0 3px}
.cols{margin-top:8px}
.card{padding:10px 14px;break-inside:avoid}
.card header,.cols,.card footer,.chart,.tops>div,.strip,tr,.story li,.advice ol,.advice ul{break-inside:avoid}
.card header{break-after:avoid}
details::details-content{content-visibility:visible;display:block;block-size:auto;height:auto}
details>*{display:revert}
summary{list-style:none}
.wide,pre,.full .block{overflow:visible;max-height:none}
pre{white-space:normal;font-size:6.6pt;line-height:1.3;padding:4px 6px}
.end{margin-top:24px;padding-bottom:0}
}
`;
