export { address, api, newKey, onSignedOut, rawRequest, request, type Query } from "./client";
export { fillPath, keyOf, newQueryClient, useGet, useList, useRefresh, useSend, type List, type PageOf } from "./hooks";
export { useEvents, type LiveEvent } from "./events";
export { asProblem, Problem, type FieldFault } from "./problem";
