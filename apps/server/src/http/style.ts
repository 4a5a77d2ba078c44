/** The one style of the plain pages: light and dark, readable on a phone, without a font or a script. */
export const style = `:root{color-scheme:light dark;--ink:#1c2024;--soft:#5a6470;--line:#d5dae0;--edge:#767f89;--paper:#fdfdfc;--link:#0b5cad;--bad:#a3161a;--good:#12633a}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#a3adb8;--line:#3a424b;--edge:#8b95a0;--paper:#15181b;--link:#8ab8f0;--bad:#ff9d97;--good:#7fd6a4}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 system-ui,sans-serif;overflow-wrap:break-word}
main{max-width:42rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
h1{font-size:1.75rem;line-height:1.25;margin:0 0 .75rem}
h2{font-size:1.125rem;margin:2.25rem 0 .5rem}
h3{font-size:1.0625rem;margin:1.5rem 0 .25rem}
p,ul,ol,dl{margin:0 0 1rem}
ul,ol{padding-inline-start:1.25rem}
dt{color:var(--soft)}
dd{margin:0 0 .625rem}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
code,pre{direction:ltr;unicode-bidi:isolate;font:0.9375rem/1.5 ui-monospace,monospace;overflow-wrap:anywhere}
pre{overflow-x:auto;padding:.75rem 1rem;border:1px solid var(--line);border-radius:.375rem}
form{margin:0 0 1.25rem}
label,legend{display:block;font-weight:600;padding:0}
fieldset{border:0;padding:0;margin:0 0 1rem}
input,textarea,select,button{font:inherit;color:inherit}
input:not([type=radio]),textarea,select{width:100%;min-width:0;padding:.5rem .625rem;background:var(--paper);border:1px solid var(--edge);border-radius:.375rem}
textarea{min-height:9rem}
button{padding:.5rem 1rem;min-height:2.75rem;background:var(--link);color:var(--paper);border:1px solid var(--link);border-radius:.375rem;cursor:pointer}
button.quiet{background:none;color:var(--link)}
.field{margin:0 0 1rem}
.choice{display:grid;grid-template-columns:auto 1fr;gap:0 .625rem;margin:.5rem 0;font-weight:400}
.choice input{margin-top:.375rem;width:1.125rem;height:1.125rem}
.note>:last-child{margin-bottom:0}
.quote{white-space:pre-wrap;border-inline-start:4px solid var(--line);padding-inline-start:1rem}
.key{font-size:1.0625rem;user-select:all}
.soft{color:var(--soft)}
.bad{color:var(--bad)}
.note{border-inline-start:4px solid var(--line);padding-block:.25rem;padding-inline-start:1rem}
.tongues form{margin:0}
.tongues button{padding:.25rem .625rem;min-height:2rem;margin:.125rem}
.tongues a{display:inline-block;padding:.25rem .375rem}
.note.bad,.note.good{border-color:currentColor}
.good{color:var(--good)}
summary{cursor:pointer;color:var(--link);padding:.375rem 0}
`;
