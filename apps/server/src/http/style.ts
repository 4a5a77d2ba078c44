import { readFileSync } from 'node:fs';

/** Colours and sizes, which the desks share; without what a browser does not need. */
const tokens = readFileSync(new URL(import.meta.resolve('@recourse/design/tokens.css')), 'utf8')
  .replaceAll(/\/\*[^*]*\*\/|\n\s*/g, '')
  .replaceAll(/ ?([:{]) ?/g, '$1')
  .replaceAll(';}', '}');

/** The one style of the plain pages: light and dark, readable on a phone, without a font or a script. */
export const style = `${tokens}*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:var(--size-body)/1.55 var(--sans);overflow-wrap:break-word}
main{max-width:42rem;margin:0 auto;padding:1.5rem 1.25rem 3rem}
h1{font-size:var(--size-title-small);line-height:1.2;margin:0 0 1rem}
h2{font-size:var(--size-part);line-height:1.25;margin:2.5rem 0 .75rem}
h3{font-size:var(--size-section);line-height:1.3;margin:1.75rem 0 .25rem}
@media(min-width:40rem){h1{font-size:var(--size-title)}}
p,ul,ol,dl{margin:0 0 1rem}
ul,ol{padding-inline-start:1.25rem}
dt{color:var(--soft)}
dd{margin:0 0 .625rem}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
code,pre{direction:ltr;unicode-bidi:isolate;font:0.9375rem/1.5 ui-monospace,monospace;overflow-wrap:anywhere}
pre{white-space:pre-wrap;padding:.75rem 1rem;border:1px solid var(--line);border-radius:.375rem}
form{margin:0 0 1.25rem}
label,legend{display:block;font-weight:600;padding:0}
fieldset{border:0;padding:0;margin:0 0 1rem}
input,textarea,select,button{font:inherit;color:inherit}
input:not([type=radio]),textarea,select{width:100%;min-width:0;padding:.5rem .625rem;background:var(--paper);border:1px solid var(--edge);border-radius:.375rem}
textarea{min-height:9rem}
button{padding:.5rem 1rem;min-height:2.75rem;background:var(--link);color:var(--paper);border:1px solid var(--link);border-radius:.375rem;cursor:pointer}
.tongue{min-height:0;padding:0;background:none;border:0;color:var(--link);text-decoration:underline}
.first{position:absolute;opacity:0;pointer-events:none}
button.quiet{background:none;color:var(--link)}
.field{margin:0 0 1rem}
.choice{display:grid;grid-template-columns:auto 1fr;gap:0 .625rem;margin:.5rem 0;font-weight:400}
.choice input{margin-top:.375rem;width:1.125rem;height:1.125rem}
.note>:last-child{margin-bottom:0}
.quote{white-space:pre-wrap;border-inline-start:4px solid var(--line);padding-inline-start:1rem}
.key{font-size:1.0625rem;user-select:all}
.soft{color:var(--soft)}
.bad{color:var(--bad)}
.note{border-inline-start:4px solid var(--line);padding-block:.25rem;padding-inline-start:1rem;margin-block-end:1rem}
.top,footer{max-width:42rem;margin:0 auto;padding:.75rem 1.25rem;display:flex;flex-wrap:wrap;gap:0 1rem;align-items:baseline;justify-content:space-between}
.top{border-block-end:1px solid var(--line)}
.top>a{font-weight:700;color:var(--ink);text-decoration:none;padding:.375rem 0}
footer{border-block-start:1px solid var(--line);padding-block:1.5rem 3rem}
footer a{display:inline-block;margin-inline-end:1.25rem;padding:.375rem 0}
.caption{color:var(--soft);margin:0}
.tongues nav{padding-block:.25rem}
.tongues[open]{flex-basis:100%}
.tongues button{min-height:2.75rem;padding:.25rem .625rem}
.parts{margin:0 0 1.5rem;border-block-end:1px solid var(--line)}
.parts form{display:flex;flex-wrap:wrap;gap:0 1.25rem;margin:0}
.parts button{background:none;border:0;border-block-end:4px solid transparent;border-radius:0;color:var(--link);padding:.5rem 0}
.parts [aria-current]{border-color:var(--link);color:var(--ink);font-weight:600}
.status{display:inline-block;padding:.25rem .75rem;border:2px solid currentColor;border-radius:.375rem;color:var(--ink)}
.status.open{color:var(--link)}
.status.paused{color:var(--wait)}
.status.over{color:var(--soft)}
.status.right{color:var(--good);font-size:1.5rem;line-height:1.3}
.tracker{list-style:none;padding:0;margin:1.5rem 0;counter-reset:step}
.tracker li{counter-increment:step;position:relative;padding-inline-start:2.75rem;min-height:3rem}
.tracker li::before{content:counter(step);position:absolute;inset-inline-start:0;width:1.875rem;height:1.875rem;line-height:1.75rem;text-align:center;border:2px solid var(--edge);border-radius:50%;background:var(--paper);z-index:1}
.tracker li:not(:last-child)::after{content:'';position:absolute;inset-block:1.875rem 0;inset-inline-start:.875rem;border-inline-start:2px solid var(--edge)}
.tracker .done::before{content:'✓';border-color:var(--good);color:var(--good)}
.tracker [aria-current]{font-weight:600}
.tracker [aria-current]::before{border-color:var(--link);background:var(--link);color:var(--paper)}
table{width:100%;border-collapse:collapse;margin:0 0 2rem;font-size:1.0625rem}
caption{text-align:start;font-weight:600;font-size:1.1875rem;padding-block-end:.5rem}
th,td{text-align:start;padding:.5rem .75rem .5rem 0;border-block-end:1px solid var(--line);font-weight:400;vertical-align:top}
table bdi{overflow-wrap:anywhere}
tbody th{min-width:6rem}
thead th{color:var(--soft);font-size:.9375rem}
.row{border-block-end:1px solid var(--line);padding-block:.75rem}
.row p{margin:0 0 .5rem}
.leaps p{display:grid;grid-template-columns:minmax(8rem,auto) 1fr;gap:0 1rem;align-items:center;margin:.5rem 0}
.inline{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}
.facts{display:grid;grid-template-columns:minmax(7rem,auto) 1fr;gap:0 1rem}
.facts dd{overflow-wrap:anywhere}
.bars th,.bars td{padding:.375rem .5rem .375rem 0;vertical-align:middle}
.bars td{font-variant-numeric:tabular-nums}
.bars td:last-child{width:35%;padding:0}
.bars svg{display:block;width:100%;height:1.5rem}
.bars span{display:inline-block;width:.625rem;height:.625rem;margin-inline-end:.25rem}
rect.key0{fill:var(--edge)}rect.key1{fill:var(--link)}rect.key2{fill:var(--good)}
span.key0{background:var(--edge)}span.key1{background:var(--link)}span.key2{background:var(--good)}
[dir=rtl] .bars svg{transform:scaleX(-1)}
@media(max-width:30rem){.bars td:last-child{width:22%}}
.qr{width:11rem}
@media print{.top,footer,.parts,form{display:none}body{font-size:11pt}}
.note.bad,.note.good{border-color:currentColor}
.good{color:var(--good)}
main details{margin:0 0 .75rem}
summary{cursor:pointer;color:var(--link);padding:.375rem 0}
`.replaceAll('\n', '');
