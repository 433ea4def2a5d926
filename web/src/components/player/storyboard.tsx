'use client'
import { useQuery } from '@tanstack/react-query'
import { mediaText } from '@/lib/api/media'
import { storyboardTiles, type Tile } from '@/lib/player/storyboard'

/** The small pictures of a video; none where there are none. */
export function useStoryboard(url: string | null | undefined): Tile[] {
  const { data } = useQuery({
    queryKey: ['learn', 'storyboard', url],
    queryFn: async ({ signal }) => (url ? storyboardTiles(await mediaText(url, signal), url) : []),
    enabled: Boolean(url),
    staleTime: Infinity,
  })
  return data ?? []
}

export function StoryboardTile({ tile }: { tile: Tile }) {
  return (
    <div
      data-testid="storyboard"
      className="rounded-md"
      style={{
        width: tile.width,
        height: tile.height,
        backgroundImage: `url("${tile.sheet}")`,
        backgroundPosition: `-${tile.x}px -${tile.y}px`,
      }}
    />
  )
}
