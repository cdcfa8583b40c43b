/** The mark: a drop below melting ice. */
export function BrandIcon() {
  return (
    <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#0b3c56" />
      <path d="M16 5 24.5 13.5A8.6 8.6 0 1 1 7.5 13.5Z" fill="#8fd3f4" />
      <path d="M16 5 24.5 13.5 16 17 7.5 13.5Z" fill="#dff4fd" />
      <circle cx="16" cy="20.5" r="3" fill="#ff9a56" />
    </svg>
  );
}
