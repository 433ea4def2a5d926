'use client'
import type { UseQueryResult } from '@tanstack/react-query'
import { CloudAlert } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { Blank } from '@/components/ui/blank'
import { Button } from '@/components/ui/button'
import { Problem } from '@/lib/api/problem'
import { useProblemWords } from '@/lib/api/words'
import { QueryTrouble } from './query-trouble'
import { SignedOut } from './signed-out'

type Props<T> = {
  query: UseQueryResult<T>
  skeleton: React.ReactNode
  children: (data: T) => React.ReactNode
}

/**
 * What a query brought, else its place while it loads, else what went wrong and a way to try again.
 *
 * What it brought before stays where it cannot be asked for anew, and is said to be old.
 */
export function Loaded<T>({ query, skeleton, children }: Props<T>) {
  const t = useTranslations('common')
  const explain = useProblemWords()
  if (query.data !== undefined)
    return (
      <>
        {query.isRefetchError && (
          <QueryTrouble problem={query.error} isOld busy={query.isFetching} onRetry={() => void query.refetch()} />
        )}
        {children(query.data)}
      </>
    )
  if (query.error instanceof Problem && query.error.status === 401) return <SignedOut heading="h2" />
  if (query.isError)
    return (
      <Blank
        icon={CloudAlert}
        title={t('errorTitle')}
        action={
          <Button busy={query.isFetching} onClick={() => void query.refetch()}>
            {t('retry')}
          </Button>
        }
      >
        {explain(query.error)}
      </Blank>
    )
  return (
    <div role="status">
      <span className="sr-only">{t('loading')}</span>
      {skeleton}
    </div>
  )
}
