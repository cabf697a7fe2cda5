// The direction of imports: src knows no other room, worker only src, the sandbox nobody; nothing goes in circles.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import t from 'tap'

const rooms = ['src', 'worker', 'sandbox', 'scripts']
const mayImport: Record<string, string[]> = { src: ['src'], worker: ['worker', 'src'], sandbox: ['sandbox'] }

const imports = new Map(
  rooms.flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => [join(room, file), importsOf(join(room, file))] as const),
  ),
)

function importsOf(file: string): string[] {
  const found = readFileSync(file, 'utf8').matchAll(/^(?:import|export) [^'"]*from '(\.[^']*)'/gm)
  return [...found].map(([, path = '']) => normalize(join(dirname(file), path)))
}

t.test('no room imports what it must not know', async (t) => {
  for (const [file, targets] of imports) {
    const allowed = mayImport[file.split('/')[0] ?? '']
    if (!allowed) continue
    const wrong = targets.filter((target) => !allowed.includes(target.split('/')[0] ?? ''))
    if (wrong.length > 0) t.fail(`${file} imports ${wrong.join(', ')}`)
  }
  t.ok(imports.size > 100, 'there is something to look at')
})

t.test('no import leads back to where it began', async (t) => {
  const done = new Set<string>()
  const walk = (file: string, way: string[]): void => {
    if (way.includes(file)) t.fail([...way.slice(way.indexOf(file)), file].join(' -> '))
    if (way.includes(file) || done.has(file)) return
    for (const target of imports.get(file) ?? []) walk(target, [...way, file])
    done.add(file)
  }
  for (const file of imports.keys()) walk(file, [])
  t.ok(done.size >= imports.size)
})
