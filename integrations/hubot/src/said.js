const key = 'livraison-notices'
const most = 1000

/**
 * The notices that were said, in Hubot's brain: with a brain that outlives Hubot, one that comes twice is said once.
 *
 * @param {import('./robot.js').Brain} brain
 */
export function openSaid(brain) {
  const ids = () => {
    const kept = brain.get(key)
    return Array.isArray(kept) ? kept : []
  }
  return {
    /** @param {string} id */
    has: (id) => ids().includes(id),
    /** @param {string} id */
    add(id) {
      brain.set(key, [...ids(), id].slice(-most))
      brain.save()
    },
  }
}
