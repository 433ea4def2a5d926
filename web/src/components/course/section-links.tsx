import { getTranslations } from '@/i18n/server'

/** The parts of the page; links, so that all of it is there to read, to find and to print. */
export async function SectionLinks() {
  const t = await getTranslations('catalog')
  return (
    <nav
      aria-label={t('parts.label')}
      className="sticky top-16 z-10 -mx-5 flex gap-1 overflow-x-auto border-b border-line bg-paper px-3 lg:mx-0 lg:px-0"
    >
      {(['overview', 'curriculum', 'reviews'] as const).map((part) => (
        <a
          key={part}
          href={`#${part}`}
          className="inline-flex h-13 shrink-0 items-center px-4 font-semibold text-muted hover:text-ink"
        >
          {t(`parts.${part}`)}
        </a>
      ))}
    </nav>
  )
}
