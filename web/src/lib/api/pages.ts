'use client'
import { useInfiniteQuery, type QueryKey } from '@tanstack/react-query'

type Page<T> = { items: T[]; next_cursor: string | null }

/** A list of the API, page after page: `items` are those of all pages that were asked for. */
export function usePages<T>(key: QueryKey, load: (cursor: string | undefined) => Promise<Page<T>>) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => load(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  })
  return { ...query, items: query.data?.pages.flatMap((page) => page.items) ?? [] }
}
