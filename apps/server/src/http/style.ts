/** The one style of the plain pages: light and dark, readable on a phone, without a font or a script. */
export const style = `:root{color-scheme:light dark;--ink:#1c2024;--soft:#5a6470;--line:#d5dae0;--paper:#fdfdfc;--link:#0b5cad}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#a3adb8;--line:#3a424b;--paper:#15181b;--link:#8ab8f0}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 system-ui,sans-serif}
main{max-width:42rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
h1{font-size:1.75rem;line-height:1.25;margin:0 0 .75rem}
h2{font-size:1.125rem;margin:2.25rem 0 .5rem}
p,ul,dl{margin:0 0 1rem}
ul{padding-left:1.25rem}
a{color:var(--link)}
a:focus-visible{outline:3px solid var(--link);outline-offset:2px}
code,pre{font:0.9375rem/1.5 ui-monospace,monospace}
pre{overflow-x:auto;padding:.75rem 1rem;border:1px solid var(--line);border-radius:.375rem}
.soft{color:var(--soft)}
.note{border-left:4px solid var(--line);padding:.25rem 0 .25rem 1rem}
`;
