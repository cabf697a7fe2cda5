import type { Command } from 'commander'
import { messageOf } from '../../errors/errors.ts'
import { exitStatus, Stop } from '../exit-status.ts'
import { withExamples } from '../options.ts'
import { note, print } from '../terminal.ts'

/** `livraison import`: a livraison.yml that does what hubot-deploy's apps.json does. */
export function importCommand(program: Command): void {
  const command = program
    .command('import')
    .description("write a livraison.yml that does what hubot-deploy's apps.json does")
    .argument('<file>', 'apps.json')
    .option('-o, --output <file>', 'where to, if not to the terminal; a file that is there stays')
    .action(async (file: string, { output }: { output?: string }) => {
      const text = await convert(file)
      if (output === undefined) return print(text.trimEnd())
      await write(output, text)
      note(`${output} is written. livraison check ${output} says what it means.`)
    })
  withExamples(command, 'livraison import apps.json', 'livraison import apps.json --output livraison.yml')
}

async function convert(file: string): Promise<string> {
  const { readAppsJson } = await import('../import/apps-json.ts')
  const { toLivraison } = await import('../import/to-livraison.ts')
  const { readFile } = await import('node:fs/promises')
  const source = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Stop(exitStatus.askedWrongly, `${file} cannot be read: ${messageOf(error)}`)
  })
  const read = readAppsJson(source)
  const made = 'apps' in read ? toLivraison(read.apps) : read
  if ('text' in made) return made.text
  throw new Stop(exitStatus.refused, [`${file} cannot be taken over:`, ...made.problems].join('\n  '))
}

async function write(file: string, text: string): Promise<void> {
  const { writeFile } = await import('node:fs/promises')
  await writeFile(file, text, { flag: 'wx' }).catch((error: unknown) => {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    const why = isThere ? 'it is there already, and is not written over.' : messageOf(error)
    throw new Stop(exitStatus.refused, `${file} is not written: ${why}`)
  })
}
