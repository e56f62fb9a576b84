// Package product keeps what the brand sells: lines, products and their variants, what to say of them, what they cost
// where and when, how many a store has; and it finds every text that still shows a price that holds no more.
//
// # Owns
//
// Product lines (产品线), products (产品) with their SKUs, the launch calendar (上市日历), dated policies (政策), stock per
// store (库存), price checks (旧价检查) with what they found, and the imports of all these.
//
// # Words
//
//   - policy 政策: a price, a discount or a promotion that holds for a SKU or a whole product, in a unit and below, in one
//     channel or all, from a day on and perhaps until one.
//   - quote 报价: what holds for (SKU, unit, channel, day). Of the prices that hold there the one of the nearest unit wins,
//     then the one that names the channel, then the newest start; a discount, found the same way, comes off it.
//   - planned 计划中: a policy whose first day is still to come.
//   - withdraw 撤回: a policy holds no more, as if it had never been; the row stays as history.
//   - change 调价: amounts that held for a SKU somewhere and hold no more.
//   - check 旧价检查: the walk over templates and posts for the changes of one batch; it goes on from its last place.
//   - stale 旧价内容: a text that names the product and shows such an amount, however it is written. open → fixed when the
//     text changed or is gone, fine when somebody decided that it may stand.
//
// # Tables
//
// product_line, product_product, product_sku, product_launch, product_setting, product_policy, product_stock,
// product_check, product_change, product_stale, product_import, product_import_row.
//
// # Events out
//
// product.prices_changed: other amounts hold for these products from today on.
//
// # Events in
//
// post.changed: stale posts that changed or are gone settle, new ones that show an old price join. reflow.import_finished: what
// somebody called mended and was seen to stand since is open again. library.items_changed: stale templates that changed settle.
//
// # Jobs
//
// product.check walks texts; product.apply and product.take_back work through an import; product.day_turn follows up
// policies that begin or end with the day.
//
// # Permissions
//
// product.read, product.write (catalogue, calendar, settings), product.price (policies; region managers when the brand
// allows it), product.stock (stock of the own units), product.settle (decide on stale texts), product.mine (one's own).
//
// # Not here
//
// Templates → library; what posts say → post; which words about prices are unlawful → risk.
package product
