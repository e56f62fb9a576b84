// Package health keeps watch over the accounts: score, zombies, wake-up ladder, clean-up rounds and anomalies.
//
// Owns: the health score 0-100 with its parts (账号健康分), the zombie register by cause (僵尸号), the wake-up ladder
// (唤醒阶梯), the quarterly clean-up round (清理轮次), anomaly alerts (异常).
// Words: zombie = an account that does not work, by one of the Causes; asleep = silent beyond the limit; ladder = the
// dated steps by which a sleeper is woken; round = list → owner decides → proof.
// Tables: health_setting, health_score, health_zombie, health_step, health_round, health_round_item, health_anomaly.
// Events in: none; the day is judged by a job. Events out: health.day_judged.
// Jobs: health.judge (daily per brand, and on demand).
// Permissions: health.read, health.write, health.settings.
// Not here: to-dos → todo; account status and custody → account; figures → insight.
package health
