import type { Metadata } from 'next'
import { Library } from 'lucide-react'
import { Breadcrumb } from '@/components/catalog/breadcrumb'
import { CourseCard } from '@/components/course/card'
import { Blank } from '@/components/ui/blank'
import { getTranslations } from '@/i18n/server'
import { readCollection } from '@/lib/catalog/server'

type Props = { params: Promise<{ slug: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { slug, title, description } = await readCollection((await params).slug)
  return { title, description, alternates: { canonical: `/collections/${slug}` } }
}

export default async function CollectionPage({ params }: Props) {
  const t = await getTranslations('catalog')
  const { title, description, items } = await readCollection((await params).slug)
  return (
    <div className="mx-auto max-w-6xl px-5 pt-8 md:pt-12">
      <Breadcrumb trail={[{ href: '/collections', words: t('collections') }]} className="text-muted" />
      <h1 className="mt-3 text-3xl font-extrabold sm:text-4xl">{title}</h1>
      {description && <p className="mt-2 max-w-2xl text-lg whitespace-pre-line text-muted">{description}</p>}
      {items.length === 0 ? (
        <Blank icon={Library} title={t('nothing.here')} />
      ) : (
        <ul className="mt-8 grid gap-5 sm:grid-cols-2 lg:grid-cols-3 lg:gap-6">
          {items.map((course, place) => (
            <li key={course.id}>
              <CourseCard course={course} first={place < 3} heading="h2" />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
