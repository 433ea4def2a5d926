import { Words } from '@/i18n/words'

export default function CatalogLayout({ children }: { children: React.ReactNode }) {
  return <Words of={['browse']}>{children}</Words>
}
