import { useEffect } from 'react';
import { useSettings } from '../chain/index.js';

/** Applies the chosen colour scheme; `public/theme.js` does before the first paint. */
export function useTheme(): void {
  const [{ theme }] = useSettings();
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (theme === 'system') delete dataset['theme'];
    else dataset['theme'] = theme;
  }, [theme]);
}
