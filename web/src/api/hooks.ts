/** React hooks over the client: reading, keyset lists, writing. */
import {
  QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from "@tanstack/react-query";
import { useMemo } from "react";
import { newKey, request, type Query } from "./client";
import { asProblem, Problem } from "./problem";

/** A list answer of the server. */
export interface PageOf<T> {
  items: T[] | null;
  next?: string | null;
}

/** Defaults: fresh for 30 s, one retry for a failing network or server, none for a refusal. */
export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: false,
        retry: (count, err) => count < 1 && (asProblem(err).status === 0 || asProblem(err).status >= 500),
      },
      mutations: { retry: false },
    },
  });
}

/** Cache key of a read; the path comes first, so that useRefresh can drop all below it. */
export function keyOf(path: string, query?: Query): readonly unknown[] {
  return [path, query ?? {}];
}

/** Reads one path. `path` null waits (nothing is asked). */
export function useGet<T>(
  path: string | null,
  query?: Query,
  opts: { keep?: boolean; every?: number; stale?: number } = {},
): UseQueryResult<T, Problem> {
  return useQuery<T, Problem>({
    queryKey: keyOf(path ?? "", query),
    queryFn: ({ signal }) => request<T>("GET", path ?? "", { query, signal }),
    enabled: path !== null,
    placeholderData: opts.keep ? (prev) => prev : undefined,
    refetchInterval: opts.every,
    staleTime: opts.stale,
  });
}

/** A keyset list: rows so far and how to get more. */
export interface List<T> {
  rows: T[];
  loading: boolean;
  /** The first page of new filters is on its way while old rows still stand. */
  updating: boolean;
  problem: Problem | null;
  hasMore: boolean;
  loadingMore: boolean;
  more: () => void;
  retry: () => void;
}

/** Reads a list path page by page. */
export function useList<T>(path: string | null, query: Query = {}, limit = 50): List<T> {
  const full = { ...query, limit };
  const q = useInfiniteQuery({
    queryKey: keyOf(path ?? "", full),
    queryFn: ({ pageParam, signal }) =>
      request<PageOf<T>>("GET", path ?? "", { query: { ...full, cursor: pageParam }, signal }),
    initialPageParam: "",
    getNextPageParam: (last) => last.next || undefined,
    enabled: path !== null,
    placeholderData: (prev) => prev,
  });
  const rows = useMemo(() => (q.data?.pages ?? []).flatMap((p) => p.items ?? []), [q.data]);
  return {
    rows,
    loading: q.isPending && path !== null,
    updating: q.isPlaceholderData,
    problem: q.error ? asProblem(q.error) : null,
    hasMore: q.hasNextPage,
    loadingMore: q.isFetchingNextPage,
    more: () => void q.fetchNextPage(),
    retry: () => void q.refetch(),
  };
}

/** What useSend's mutate takes: the body, and what varies per call. */
export interface Sending<B> {
  body?: B;
  /** Fills {name} in the path. */
  path?: Record<string, string | number>;
  query?: Query;
  ifMatch?: string;
}

/** Writes: `const save = useSend<Unit, NewUnit>("POST", "/api/v1/org/units", ["/api/v1/org/"])`; then re-reads the paths below `drops`. */
export function useSend<T = unknown, B = unknown>(
  method: "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  drops: string[] = [],
): UseMutationResult<T, Problem, Sending<B>> {
  const refresh = useRefresh();
  return useMutation<T, Problem, Sending<B>>({
    mutationFn: (s) =>
      request<T>(method, fillPath(path, s.path), {
        body: s.body,
        query: s.query,
        ifMatch: s.ifMatch,
        idempotencyKey: method === "POST" ? newKey() : undefined,
      }),
    onSuccess: () => refresh(...drops),
  });
}

/** Re-reads every cached answer whose path starts with one of the given. */
export function useRefresh(): (...prefixes: string[]) => void {
  const client = useQueryClient();
  return useMemo(
    () =>
      (...prefixes: string[]) => {
        if (!prefixes.length) return;
        void client.invalidateQueries({
          predicate: (q) => prefixes.some((p) => String(q.queryKey[0]).startsWith(p)),
        });
      },
    [client],
  );
}

/** Puts values into {name} places of a path. */
export function fillPath(path: string, values: Record<string, string | number> = {}): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name] ?? "")));
}
