import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import t from 'tap'
import { noticeStates } from '../../../src/notices/notice.ts'
import { checkTemplate } from '../../../src/notices/template.ts'
import { usualTexts } from '../../../src/notices/texts.ts'
import { samples, variablesOf } from '../../../src/notices/variables.ts'

t.test('what is wrong with a text is said in words', async (t) => {
  const cases = {
    '{{ by }} has deployed {{ version }}': undefined,
    '{% if took %}in {{ took }}{% endif %} {{ authors | person }} {{ what | link: log_url }}': undefined,
    '{% for c in changes %}- {{ c.short_sha }} {{ c.title }} {{ forloop.index }}\n{% endfor %}': undefined,
    '{% assign name = repository | upcase %}**{{ name }}** `{{ ref | truncate: 20 }}`': undefined,
    '': 'it is empty',
    'so\n{{ bye }}': 'there is no variable "bye" (line 2 of the text); did you mean "by"?',
    '{{ enviroment }}': 'there is no variable "enviroment" (line 1 of the text); did you mean "environment"?',
    '{% if nonsense == 3 %}{% endif %}x': 'there is no variable "nonsense" (line 1 of the text)',
    '{% for c in changes %}{{ c.titel }}{% endfor %}': 'there is no variable "c.titel" (line 1 of the text)',
    '{{ by | upcas }}': 'there is no filter "upcas" (line 1 of the text); did you mean "upcase"?',
    '{{ by | raw }}': 'there is no filter "raw" (line 1 of the text)',
    '{% iff by %}{% endif %}': 'there is no tag "iff" (line 1 of the text); did you mean "if"?',
    '{{ by ': 'output "{{ by " not closed (line 1 of the text)',
    '{% if by %}': 'tag {% if by %} not closed (line 1 of the text)',
  }
  for (const [text, words] of Object.entries(cases)) t.equal(checkTemplate(text), words, text)
  t.match(checkTemplate('x'.repeat(10_001)), /longer than/)
})

t.test('nothing that reads files, or writes past the escaping, is there', async (t) => {
  const tags = [
    'include "/etc/passwd"',
    'render "x"',
    'layout "x"',
    'block x',
    'cycle by, ref',
    'echo by',
    'liquid echo by',
  ]
  for (const tag of tags) t.match(checkTemplate(`{% ${tag} %}`), /there is no tag/, tag)
  t.match(checkTemplate('{% capture x %}{{ by }}{% endcapture %}'), /there is no tag/)
})

t.test('a text that would never end ends', async (t) => {
  t.match(checkTemplate('{% for i in (1..100000000) %}x{% endfor %}'), /limit/)
  t.match(checkTemplate('{% for i in (1..9000) %}{% for j in (1..9000) %}x{% endfor %}{% endfor %}'), /limit/)
})

t.test('a text knows nothing but what it is given', async (t) => {
  for (const path of [
    'by.constructor',
    'authors.constructor',
    'changes.__proto__',
    '__proto__',
    'constructor',
  ]) {
    t.match(checkTemplate(`{{ ${path} }}`), /there is no variable/, path)
  }
})

t.test('the usual texts are such as an operator may write', async (t) => {
  for (const state of noticeStates) t.equal(checkTemplate(usualTexts[state]), undefined, state)
})

t.test('the page names each variable, and no other', async (t) => {
  const page = readFileSync('docs/notice-texts.md', 'utf8')
  const named = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
  t.same(named.toSorted(), Object.keys(variablesOf(samples[0])).toSorted())
  const fields = [...page.matchAll(/^\| `changes\[\]\.(\w+)` \|/gm)].map(([, name]) => name)
  t.same(fields.toSorted(), Object.keys(variablesOf(samples[0]).changes[0] ?? {}).toSorted())
})

t.test('Liquid is not loaded before there is a text', async (t) => {
  const path = './dist/src/notices/template.js'
  const program = `
    const { checkTemplate } = await import('${path}')
    const { createRequire } = await import('node:module')
    const loaded = () => Object.keys(createRequire('${process.cwd()}/x').cache).some((file) => file.includes('liquidjs'))
    const before = loaded()
    checkTemplate('x')
    console.log(before, loaded())`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  t.equal(stdout.trim(), 'false true')
})
