/** The style sheet of report.html, light and dark. */
export const STYLE = `
:root { --paper: #fbfaf7; --card: #fff; --ink: #1d2329; --muted: #79828c; --line: #e4e1da; --camera: #0b7a75;
  --phone: #c65d1e; --good: #17803d; --bad: #c2281d; --call: #0b7a7512; --hold: #c65d1e1c; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181c; --card: #1c2227; --ink: #e6e8ea; --muted: #8d97a1;
  --line: #2c343b; --camera: #3fc1b8; --phone: #f0935a; --good: #55c27a; --bad: #ef6a5f; --call: #3fc1b816;
  --hold: #f0935a1f; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 40px 28px 60px; max-width: 1120px; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, 'DejaVu Sans', sans-serif; }
h1 { margin: 0; font-size: 34px; font-weight: 650; letter-spacing: -0.02em; }
header p { margin: 6px 0 0; color: var(--muted); }
header .verdict { display: inline-block; margin-top: 14px; padding: 3px 12px; border-radius: 99px; font-weight: 600;
  border: 1px solid currentColor; }
.good { color: var(--good); } .bad { color: var(--bad); }
header .good { color: var(--good); } header .bad { color: var(--bad); }
.tiles { display: grid; grid-template-columns: repeat(6, 1fr); gap: 12px; margin: 28px 0 20px; }
.tiles div, .plot, table, figure { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.tiles div { padding: 14px 16px; }
.tiles b { display: block; font-size: 23px; font-weight: 650; letter-spacing: -0.01em; white-space: nowrap; }
.tiles span { color: var(--muted); font-size: 12.5px; line-height: 1.3; display: block; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; align-items: stretch; }
figure { margin: 0; overflow: hidden; display: flex; flex-direction: column; }
figure img { width: 100%; display: block; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 3px 14px; margin: 0; padding: 0 16px 14px; font-size: 13px; }
dt { color: var(--muted); } dd { margin: 0; }
figcaption { padding: 10px 16px; color: var(--muted); font-size: 13px; }
a { color: var(--camera); }
table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: 13px; padding: 4px 0; }
th, td { padding: 4.5px 16px; text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
th { color: var(--muted); font-weight: 500; }
th:first-child, td:first-child { text-align: left; white-space: normal; }
td i { font-style: normal; font-weight: 700; }
.plot { margin-top: 16px; padding: 14px 18px 10px; }
.plot h2 { margin: 0 0 8px; font-size: 16px; font-weight: 620; display: flex; align-items: center; gap: 12px; }
.plot small { color: var(--muted); font-weight: 400; font-size: 13px; }
.plot audio { margin-left: auto; height: 30px; }
svg { display: block; width: 100%; }
svg text { fill: var(--muted); font-size: 11.5px; }
svg text.legend { fill: var(--ink); }
svg text.limit { fill: var(--bad); }
svg .grid { stroke: var(--line); }
svg .limit { stroke: var(--bad); stroke-dasharray: 4 4; opacity: 0.8; }
svg text.limit { stroke: none; }
svg .curve { fill: none; stroke-width: 1.7; stroke-linejoin: round; }
svg .dots { fill: none; stroke-width: 2.6; stroke-linecap: round; opacity: 0.55; }
svg rect.call { fill: var(--call); } svg rect.hold { fill: var(--hold); }
footer { margin-top: 22px; color: var(--muted); font-size: 13px; }
@media (max-width: 820px) { .tiles { grid-template-columns: repeat(2, 1fr); } .pair { grid-template-columns: 1fr; } }
`;
