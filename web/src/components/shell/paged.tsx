'use client'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import type { Pages } from '@/lib/api/pages'
import { Loaded } from './loaded'
import { QueryTrouble } from './query-trouble'

type Props<T> = {
  pages: Pages<T>
  skeleton: React.ReactNode
  /** Where there is nothing. */
  empty: React.ReactNode
  children: (items: T[]) => React.ReactNode
}

/** A list that comes page after page, with all that may stand in its place, and what brings more of it. */
export function Paged<T>({ pages, skeleton, empty, children }: Props<T>) {
  const t = useTranslations('common')
  const more = () => void pages.fetchNextPage()
  return (
    <Loaded query={pages} skeleton={skeleton}>
      {() =>
        pages.items.length === 0 ? (
          empty
        ) : (
          <div className="grid gap-5">
            {children(pages.items)}
            {pages.isFetchNextPageError ? (
              <QueryTrouble problem={pages.error} onRetry={more} />
            ) : (
              pages.hasNextPage && (
                <Button tone="outline" className="justify-self-center" busy={pages.isFetchingNextPage} onClick={more}>
                  {t('more')}
                </Button>
              )
            )}
          </div>
        )
      }
    </Loaded>
  )
}
