'use client'
import { useFormatter } from 'use-intl'

/** A moment to the second, in the visitor's time zone. */
export function When({ at }: { at: string }) {
  const format = useFormatter()
  const date = new Date(at)
  return (
    <time dateTime={at} className="tabular-nums">
      {format.dateTime(date, { dateStyle: 'medium', timeStyle: 'medium' })}
    </time>
  )
}
