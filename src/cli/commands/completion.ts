import { Argument, type Command } from 'commander'
import { withExamples } from '../options.ts'

const shells = ['bash', 'zsh', 'fish']

/**
 * `livraison completion`: the script with which a shell completes this command, and `complete`, which that script calls.
 * `fresh` gives the same program without these two.
 */
export function completionCommands(program: Command, fresh: () => Command): void {
  const command = program
    .command('completion')
    .description('print the script with which a shell completes this command')
    .addArgument(new Argument('<shell>').choices(shells))
    .action(async (shell: string) => {
      const { printScript } = await import('../completion/complete.ts')
      await printScript(program, shell)
    })
  withExamples(
    command,
    'source <(livraison completion bash)      # in ~/.bashrc',
    'source <(livraison completion zsh)       # in ~/.zshrc, after compinit',
    'livraison completion fish > ~/.config/fish/completions/livraison.fish',
  )
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(async (words: string[]) => {
      const { complete } = await import('../completion/complete.ts')
      await complete(fresh(), words)
    })
}
