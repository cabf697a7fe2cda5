/** What the script that comes before ours brings: node_modules/idiomorph/dist/idiomorph.min.js. */
declare const Idiomorph: typeof import('idiomorph').Idiomorph
