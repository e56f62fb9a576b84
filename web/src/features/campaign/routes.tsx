import type { Entry } from "@/app/routes";

/** Pages of the campaign room. */
export const routes: Entry[] = [
  { path: "/content/campaigns", group: "content", label: "campaign", order: 25, permission: "campaign.read", period: false, scope: false, page: () => import("./run/Campaigns") },
  { path: "/content/campaigns/reviews", permission: "campaign.review", period: false, page: () => import("./run/ReviewPage") },
  { path: "/content/campaigns/open", permission: "campaign.read", period: false, page: () => import("./run/OpenPage") },
  { path: "/content/campaigns/settings", permission: "campaign.read", period: false, scope: false, page: () => import("./guard/SettingsPage") },
  { path: "/content/campaigns/:id", permission: "campaign.read", period: false, page: () => import("./run/CampaignPage") },
  { path: "/content/campaigns/:id/edit", permission: "campaign.write", period: false, scope: false, page: () => import("./plan/WizardPage") },
  { path: "/content/campaigns/:id/results", permission: "campaign.read", period: false, page: () => import("./results/ResultsPage") },
  { path: "/content/campaigns/:id/war", permission: "campaign.read", period: false, page: () => import("./results/WarPage") },
  { path: "/content/campaigns/:id/around", permission: "campaign.read", period: false, scope: false, page: () => import("./results/AroundPage") },
  { path: "/tasks", permission: "campaign.do", period: false, scope: false, page: () => import("./run/OnPhone") },
  { path: "/tasks/:id", permission: "campaign.do", period: false, scope: false, page: () => import("./run/OnPhone") },
];
