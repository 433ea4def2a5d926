import { ArrowRight } from 'lucide-react'
import Link from 'next/link'
import { useId } from 'react'
import { RowScroller } from './row-scroller'

type Props = { title: string; more?: { href: string; words: string }; children: React.ReactNode }

/** A row of cards that is swept sideways. */
export function Row({ title, more, children }: Props) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="mx-auto mt-14 max-w-6xl px-5">
      <div className="mb-4 flex flex-wrap items-end justify-between gap-x-6 gap-y-1">
        <h2 id={id} className="text-2xl font-bold sm:text-3xl">
          {title}
        </h2>
        {more && (
          <Link
            href={more.href}
            prefetch={false}
            className="inline-flex min-h-11 items-center gap-1 text-sm font-semibold text-accent hover:text-accent-strong"
          >
            {more.words}
            <ArrowRight className="size-4" aria-hidden />
          </Link>
        )}
      </div>
      <RowScroller title={title}>{children}</RowScroller>
    </section>
  )
}
