/** What was asked for is not done; the message is for whoever asked. */
export class Refused extends Error {
  /** @override */
  name = 'Refused'
}
