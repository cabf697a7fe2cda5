import { programsNamed } from './find-program.mjs'

/**
 * Programs that single tests try for real, and the Debian package that has each. A test whose program is absent is
 * skipped and says so; in CI they are installed, so that none is.
 */
export const testPrograms = [
  { program: 'sshd', package: 'openssh-server' },
  { program: 'ssh', package: 'openssh-client' },
  { program: 'rsync', package: 'rsync' },
  { program: 'ansible-playbook', package: 'ansible-core' },
  { program: 'git-lfs', package: 'git-lfs' },
  { program: 'chromium', package: 'chromium', aliases: ['chromium-browser', 'google-chrome'] },
  { program: 'script', package: 'bsdutils' },
  { program: 'prometheus', package: 'prometheus' },
  { program: 'promtool', package: 'prometheus' },
  { program: 'openssl', package: 'openssl' },
  { program: 'systemd-analyze', package: 'systemd' },
]

/**
 * The full path of one of these programs, or undefined, by any of the names that it goes by. Where daemons are is not on
 * everybody's PATH.
 */
export function findTestProgram(name, path = process.env.PATH ?? '') {
  const { aliases = [] } = testPrograms.find(({ program }) => program === name) ?? {}
  return [name, ...aliases].flatMap((each) => programsNamed(each, `${path}:/usr/local/sbin:/usr/sbin`))[0]
}

/** The packages of the programs that `find` does not find. Pure. */
export function missingPackages(programs, find) {
  return [...new Set(programs.filter(({ program }) => !find(program)).map((each) => each.package))]
}

/** Whether the tests' programs are to be installed: when that is asked for, and for tests in CI. Pure. */
export function installsTestPrograms(options, env) {
  return options.has('--for-tests') || (options.has('--tests') && env.CI === 'true')
}
