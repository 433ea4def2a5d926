import { Words } from '@/i18n/words'

export default function AuthLayout({ children }: { children: React.ReactNode }) {
  return (
    <Words of={['auth']}>
      <div className="mx-auto w-full max-w-md px-4 py-10 sm:py-16">{children}</div>
    </Words>
  )
}
