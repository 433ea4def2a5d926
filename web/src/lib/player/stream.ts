/** What went wrong with a stream, as far as a viewer can do something about it. */
export type Trouble = 'network' | 'media'

/** What a stream tells of while it plays. */
export type StreamListener = {
  /** The cookies do not open the stream any more, or may not: resolves once there are new ones. */
  renew: () => Promise<unknown>
  /** Which qualities there are, the best first. */
  heights: (heights: number[]) => void
  trouble: (trouble: Trouble) => void
}

/** A stream that plays in a video element. */
export type Stream = {
  /** Goes on where it stood. */
  retry: () => void
  /** Plays in this quality; null leaves it to the player. */
  choose: (height: number | null) => void
  end: () => void
}
