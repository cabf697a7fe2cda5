import { fileURLToPath } from 'node:url'

/**
 * What Hubot calls for a package that external-scripts.json names. Loaded as a file, the script's commands are in Hubot's help.
 *
 * @param {import('./src/robot.js').Robot} robot
 */
export default async function load(robot) {
  await robot.loadFile(fileURLToPath(new URL('./src', import.meta.url)), 'livraison.js')
}
