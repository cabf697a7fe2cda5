/** Something that has changed, for whoever watches: what it is about, never what it says; that is read anew. */
export interface Change {
  /** The id of the entry in the stream: whoever was cut off goes on after it. */
  id: string
  /** `missed`: what came after `id` is not in the stream any more, as far as what comes next; all is to be read anew. */
  kind: 'deployment' | 'lock' | 'freeze' | 'approval' | 'delivery' | 'comparison' | 'missed'
  repositoryId?: number
  environment?: string
  deployment?: number
  /** The state that a deployment has now. */
  state?: string
}

/** A capped stream in Redis of all that changes. While nobody watches, nobody reads it. */
export interface Feed {
  /** The id of the newest change: where to begin. */
  last(): Promise<string>
  /** What changes after `after`, as it comes, until the signal is aborted or the feed is closed. */
  follow(after: string, signal: AbortSignal): AsyncIterable<Change>
  /** Sends all who follow away. */
  close(): void
}
