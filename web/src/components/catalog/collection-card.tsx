import Link from 'next/link'
import { GeneratedCover } from '@/components/course/generated-cover'
import { getTranslations } from '@/i18n/server'
import type { Collection } from '@/lib/catalog/types'

/** A collection as a small pile of pictures. */
export async function CollectionCard({
  collection: { slug, title, description, course_count: count },
}: {
  collection: Collection
}) {
  const t = await getTranslations('catalog')
  return (
    <article className="group relative flex h-full flex-col overflow-hidden rounded-card border border-line bg-surface shadow-card transition duration-200 hover:-translate-y-0.5 hover:shadow-lift">
      <div aria-hidden className="relative aspect-[16/8] overflow-hidden bg-raised">
        {(['-rotate-6 -translate-x-8', 'rotate-6 translate-x-8', ''] as const).map((turn, layer) => (
          <div
            key={layer}
            className={`absolute inset-x-[22%] top-[14%] overflow-hidden rounded-xl border-3 border-surface shadow-card transition-transform duration-300 ${turn}`}
          >
            <GeneratedCover of={`${slug} ${layer}`} className="block aspect-[16/10] w-full" />
          </div>
        ))}
      </div>
      <div className="flex flex-1 flex-col gap-2 p-5">
        <h2 className="text-lg leading-snug font-bold">
          <Link href={`/collections/${slug}`} className="after:absolute after:inset-0 after:rounded-card">
            {title}
          </Link>
        </h2>
        {description && <p className="line-clamp-3 text-sm text-muted">{description}</p>}
        <p className="mt-auto pt-2 text-sm font-semibold">{t('courses', { count })}</p>
      </div>
    </article>
  )
}
