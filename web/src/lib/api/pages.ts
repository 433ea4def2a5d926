'use client'
import { keepPreviousData, useInfiniteQuery, type QueryKey } from '@tanstack/react-query'

type Page<T> = { items: T[]; next_cursor: string | null }

/**
 * A list of the API, page after page: `items` are those of all pages that were asked for.
 *
 * With `keepsPrevious` the list of another key stays until the one that is asked for has come, as while somebody types.
 */
export function usePages<P extends Page<unknown>>(
  key: QueryKey,
  load: (cursor: string | undefined, signal: AbortSignal) => Promise<P>,
  { keepsPrevious = false } = {},
) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => load(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepsPrevious ? keepPreviousData : undefined,
  })
  const items: P['items'][number][] = query.data?.pages.flatMap((page) => page.items) ?? []
  return { ...query, items }
}

export type Pages<T> = ReturnType<typeof usePages<Page<T>>>
