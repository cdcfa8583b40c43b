import { Suspense, useEffect, useRef } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { LinkButton, Page } from '../ui/index.js';
import { ErrorBoundary } from './ErrorBoundary.js';
import { PageSkeleton } from './PageSkeleton.js';
import { ROUTES } from './routes.js';

/** The page of the location; each loads its own code. */
export function Pages() {
  const [location] = useLocation();
  // Tabs of a page are no other page.
  const [, page] = location.split('/');
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    // As a browser does between documents: the top of the page, and a screen reader starts there.
    window.scrollTo(0, 0);
    document.getElementById('main')?.focus({ preventScroll: true });
  }, [page]);
  return (
    <ErrorBoundary key={page}>
      <Suspense fallback={<PageSkeleton />}>
        <Switch>
          {ROUTES.map(({ path, pattern, Page: Content }) => (
            <Route key={path} path={pattern ?? path}>
              <Content />
            </Route>
          ))}
          <Route path="/">
            <Redirect to="/stake" replace />
          </Route>
          <Route>
            <Page title="No such page" lead="The link is wrong or old." isNarrow>
              <div>
                <LinkButton to="/stake" kind="primary">
                  Go to the start
                </LinkButton>
              </div>
            </Page>
          </Route>
        </Switch>
      </Suspense>
    </ErrorBoundary>
  );
}
