import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The full paths of a program in the directories of `path`, in order. */
export function programsNamed(name, path = process.env.PATH ?? '') {
  return path
    .split(delimiter)
    .filter(Boolean)
    .map((directory) => join(directory, name))
    .filter(isExecutable)
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
