import type { Metadata } from 'next'
import { Library } from 'lucide-react'
import { CollectionCard } from '@/components/catalog/collection-card'
import { Blank } from '@/components/ui/blank'
import { getTranslations } from '@/i18n/server'
import { readCollections } from '@/lib/catalog/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('catalog')
  return { title: t('collections'), description: t('collectionsText'), alternates: { canonical: '/collections' } }
}

export default async function Collections() {
  const t = await getTranslations('catalog')
  const collections = await readCollections()
  return (
    <div className="mx-auto max-w-6xl px-5 pt-8 md:pt-12">
      <h1 className="text-3xl font-extrabold sm:text-4xl">{t('collections')}</h1>
      <p className="mt-2 max-w-2xl text-lg text-muted">{t('collectionsText')}</p>
      {collections.length === 0 ? (
        <Blank icon={Library} title={t('nothing.collections')} />
      ) : (
        <ul className="mt-8 grid gap-5 sm:grid-cols-2 lg:grid-cols-3 lg:gap-6">
          {collections.map((collection) => (
            <li key={collection.slug}>
              <CollectionCard collection={collection} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
