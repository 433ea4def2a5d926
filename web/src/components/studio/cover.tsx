import { clsx } from 'clsx'
import { ImageIcon } from 'lucide-react'
import Image from 'next/image'

/** A course's picture, or the place where it would be. */
export function Cover({ url, alt = '', className }: { url: string | null; alt?: string; className?: string }) {
  return (
    <div className={clsx('relative aspect-video shrink-0 self-start overflow-hidden rounded-xl bg-raised', className)}>
      {url ? (
        <Image src={url} alt={alt} fill unoptimized className="object-cover" />
      ) : (
        <span className="grid size-full place-items-center text-muted">
          <ImageIcon className="size-6" aria-hidden />
        </span>
      )}
    </div>
  )
}
